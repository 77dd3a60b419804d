# SPDX-License-Identifier: Apache-2.0
"""Upper case, unit by unit: our function, compiled as it stands, and the one that Samba itself calls, over the whole of the Basic
Multilingual Plane. In the full build the two are the same; the compact one may leave a letter as it is, but never makes another of it."""

import ctypes
import subprocess
import tempfile
from pathlib import Path

from peers.pair import CheckFailed
from peers.paths import ROOT
from peers.peer import PeerBroken

from .checks import Check

BMP = range(0x10000)
SYMBOL = "_ZN8baresspi6UpCaseEDs"  # baresspi::UpCase(char16_t)
# Letters that the compact build folds for the sake of names that people have.
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "āăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž"
    "αβγδεζηθικλμνξοπρςστυφχψωϊϋάέήίόύώабвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќўџґәғқңөұүһ"
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơư"
)


def _samba():
    try:
        upper = ctypes.CDLL("libsamba-util.so.0").toupper_m
    except (OSError, AttributeError) as missing:
        raise PeerBroken(f"no toupper_m of Samba: {missing}") from missing
    upper.argtypes, upper.restype = [ctypes.c_uint32], ctypes.c_uint32
    return [upper(unit) for unit in BMP]


def _ours(full):
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "upcase.so"
        command = ["g++", "-std=c++20", "-O1", "-shared", "-fPIC", f"-DBARESSPI_UNICODE_FULL={full}", "-I", ROOT]
        built = subprocess.run([*command, "-o", library, ROOT / "core/base/upcase.cpp"], capture_output=True, text=True)
        if built.returncode != 0:
            raise PeerBroken(f"core/base/upcase.cpp does not compile: {built.stderr}")
        upper = ctypes.CDLL(str(library))[SYMBOL]
        upper.argtypes, upper.restype = [ctypes.c_uint16], ctypes.c_uint16
        return [upper(unit) for unit in BMP]


def _differences(full):
    return [(unit, ours, theirs) for unit, ours, theirs in zip(BMP, _ours(full), _samba()) if ours != theirs]


def _refuse(differences):
    if differences:
        first = ", ".join(f"U+{unit:04X} to {ours:04X}, not {theirs:04X}" for unit, ours, theirs in differences[:8])
        raise CheckFailed(f"{len(differences)} units differ: {first}")


def _full_is_sambas():
    _refuse(_differences(full=1))


def _compact_is_never_wrong():
    differences = _differences(full=0)
    alphabets = {ord(letter) for letter in ALPHABETS}
    _refuse([entry for entry in differences if entry[1] != entry[0] or entry[0] in alphabets])
    return f"{len(differences)} rare letters stay as they are"


def checks(ours):
    if not ours.is_baresspi or not ours.on_host:
        return
    yield Check("upper case, full table: Samba's for every unit", _full_is_sambas)
    yield Check("upper case, compact table: Samba's wherever it folds", _compact_is_never_wrong)
