# SPDX-License-Identifier: AGPL-3.0-or-later
# UNTRIED: written for Windows 11 with Python 3.11 or later, and never yet run there.
# Makes dist\imr-desktop, one folder with the whole program. Run from the root of the checkout:
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1
$ErrorActionPreference = "Stop"
$Root = Resolve-Path (Join-Path $PSScriptRoot "..\..")
Set-Location $Root
if (-not (Test-Path ".venv")) { py -3 -m venv .venv }
$Python = Join-Path $Root ".venv\Scripts\python.exe"
& $Python -m pip install --disable-pip-version-check -q "pip>=25.1"
& $Python -m pip install --disable-pip-version-check -q ".[ocr]"
& $Python -m pip install --disable-pip-version-check -q --group bundle
& $Python -m PyInstaller --noconfirm --distpath dist --workpath build\pyinstaller .ci\imr-desktop.spec
& $Python packaging\sbom.py dist\imr-desktop
& (Join-Path $Root "dist\imr-desktop\imr-desktop.exe") demo --headless --out build\demo
if ($LASTEXITCODE -ne 0) { throw "The bundle did not do the demo case." }
Write-Output "The bundle is in dist\imr-desktop and did the demo case. packaging\windows\install.ps1 puts it into the menus."
