# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is installed: desktop entry, file type, bill of materials, notices; and the example with Dask."""

import configparser
import importlib.util
import json
import plistlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import pytest

from imr_desktop import assets
from imr_desktop.casework import exchange
from imr_desktop.letter import Rendition, render

ROOT = Path(__file__).parent.parent
PACKAGING = ROOT / "packaging"


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_desktop_entry_and_the_file_type_belong_together() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PACKAGING / "linux" / "imr-desktop.desktop", encoding="utf-8")
    told = entry["Desktop Entry"]
    assert (told["Type"], told["Icon"], told["Terminal"]) == ("Application", "imr-desktop", "false")
    kind = next(iter(ElementTree.parse(PACKAGING / "linux" / "imr-desktop.xml").getroot()))
    assert told["MimeType"].strip(";") == kind.get("type")
    assert "*.imrcase" in [each.get("pattern") for each in kind]
    plist = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    assert plist["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]["public.filename-extension"] == ["imrcase"]


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux desktops")
def test_the_bundle_is_put_into_the_menus_and_taken_out_again(tmp_path: Path) -> None:
    bundle, home = tmp_path / "bundle", tmp_path / "home"
    bundle.mkdir()
    home.mkdir()
    (bundle / "imr-desktop").write_text("#!/bin/sh\n", encoding="utf-8")
    (bundle / "imr-desktop").chmod(0o755)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    script = str(PACKAGING / "linux" / "install")
    subprocess.run(["sh", script, str(bundle)], env=environment, check=True, capture_output=True)
    entry = home / ".local/share/applications/imr-desktop.desktop"
    assert f'Exec="{home}/.local/share/imr-desktop-program/imr-desktop"' in entry.read_text(encoding="utf-8")
    assert (home / ".local/share/mime/packages/imr-desktop.xml").is_file()
    assert (home / ".local/bin/imr-desktop").exists()
    subprocess.run(["sh", script, "--remove"], env=environment, check=True, capture_output=True)
    assert not entry.exists()
    assert not (home / ".local/share/imr-desktop-program").exists()


def test_the_bill_of_materials_names_every_part_with_its_licence(tmp_path: Path) -> None:
    pytest.importorskip("packaging")
    _script(PACKAGING / "sbom.py").main(tmp_path)
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text(encoding="utf-8"))
    names = {each["name"].lower() for each in bill["components"]}
    assert {"pymupdf", "pyside6_essentials", "reportlab", "pyhanko", "sqlcipher3", "cryptography"} <= names
    assert any(name.endswith(".ttf") for name in names)
    for each in bill["components"]:
        if each["type"] == "library":
            assert each["licenses"][0]["license"]["name"], each["name"]
            assert each["purl"].endswith(each["version"])
    notices = (tmp_path / "NOTICES.txt").read_text(encoding="utf-8")
    assert "GNU Affero General Public License" in notices
    assert "Font: LiberationFonts.LICENSE" in notices


def test_letters_are_read_by_dask_on_local_workers(tmp_path: Path) -> None:
    pytest.importorskip("dask", reason="the optional extra `dask` is not installed")
    pytest.importorskip("distributed", reason="the optional extra `dask` is not installed")
    determination = exchange.read_file(assets.path("demo/case.json"))
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "one.pdf").write_bytes(render(determination, Rendition.PUBLIC))
    (folder / "note.txt").write_text("Buy milk.", encoding="utf-8")
    output = tmp_path / "letters.jsonl"
    script = str(ROOT / "docs" / "examples" / "dask_letters.py")
    done = subprocess.run([sys.executable, script, str(folder), str(output), "1"], capture_output=True, text=True)
    assert "1 letters read, 1 not." in done.stdout, done.stderr
    assert (
        json.loads(output.read_text(encoding="utf-8"))["case"]["case_number"] == determination.case.header.case_number
    )
