# SPDX-License-Identifier: AGPL-3.0-or-later
# UNTRIED: never yet run on Windows. Copies the bundle into this user's programs, and ties .imrcase to it; no administrator.
$ErrorActionPreference = "Stop"
$Root = Resolve-Path (Join-Path $PSScriptRoot "..\..")
$Target = Join-Path $env:LOCALAPPDATA "Programs\IMR Desktop"
if (Test-Path $Target) { Remove-Item -Recurse -Force $Target }
Copy-Item -Recurse (Join-Path $Root "dist\imr-desktop") $Target
$Program = Join-Path $Target "imr-desktop.exe"
$Shell = New-Object -ComObject WScript.Shell
$Link = $Shell.CreateShortcut((Join-Path $env:APPDATA "Microsoft\Windows\Start Menu\Programs\IMR Desktop.lnk"))
$Link.TargetPath = $Program
$Link.Save()
New-Item -Force "HKCU:\Software\Classes\.imrcase" -Value "IMRDesktop.Case" | Out-Null
New-Item -Force "HKCU:\Software\Classes\IMRDesktop.Case" -Value "IMR case package" | Out-Null
New-Item -Force "HKCU:\Software\Classes\IMRDesktop.Case\DefaultIcon" -Value "`"$Program`",0" | Out-Null
New-Item -Force "HKCU:\Software\Classes\IMRDesktop.Case\shell\open\command" -Value "`"$Program`" `"%1`"" | Out-Null
Write-Output "IMR Desktop is in the start menu."
