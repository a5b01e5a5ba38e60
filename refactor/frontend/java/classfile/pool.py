"""The constant pool of a class file (JVMS 4.4): offsets are found in one scan, values are decoded when asked for."""

from __future__ import annotations

import struct
from typing import Final

_U2: Final = struct.Struct(">H").unpack_from
_I4: Final = struct.Struct(">i").unpack_from
_I8: Final = struct.Struct(">q").unpack_from
_F4: Final = struct.Struct(">f").unpack_from
_F8: Final = struct.Struct(">d").unpack_from

_UTF8: Final = 1
_INTEGER: Final = 3
_FLOAT: Final = 4
_LONG: Final = 5
_DOUBLE: Final = 6
_STRING: Final = 8
# Bytes of an entry after its tag; Utf8 is handled apart. Tags: 3 int, 4 float, 5 long, 6 double, 7 class, 8 string,
# 9-11 member references, 12 name and type, 15 method handle, 16 method type, 17-18 dynamic, 19 module, 20 package.
_SIZES: Final = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


class ClassFormatError(ValueError):
    """The bytes are not a class file this reader understands."""


class ConstantPool:
    """Entries by index, decoded on demand. `end` is the offset of the first byte after the pool."""

    __slots__ = ("_data", "_offsets", "_texts", "end")

    def __init__(self, data: bytes) -> None:
        if len(data) < 10 or data[:4] != b"\xca\xfe\xba\xbe":
            raise ClassFormatError("not a class file: wrong magic number")
        (count,) = _U2(data, 8)
        offsets = [0] * count
        at = 10
        index = 1
        sizes = _SIZES
        try:
            while index < count:
                tag = data[at]
                offsets[index] = at
                if tag == _UTF8:
                    at += 3 + ((data[at + 1] << 8) | data[at + 2])
                    index += 1
                else:
                    at += 1 + sizes[tag]
                    index += 2 if tag in (_LONG, _DOUBLE) else 1
        except (KeyError, IndexError) as error:
            raise ClassFormatError(f"broken constant pool at byte {at}") from error
        self._data = data
        self._offsets = offsets
        self._texts: dict[int, str] = {}
        self.end = at

    def utf8(self, index: int) -> str:
        text = self._texts.get(index)
        if text is None:
            at = self._offsets[index]
            raw = self._data[at + 3 : at + 3 + ((self._data[at + 1] << 8) | self._data[at + 2])]
            text = self._texts[index] = _decode(raw)
        return text

    def class_name(self, index: int) -> str:
        """The binary name of a Class entry (`java.util.Map$Entry`), or "" for index 0."""
        return self.reference(index).replace("/", ".")

    def reference(self, index: int) -> str:
        """The text that a Class, String, Module or Package entry points to, or "" for index 0."""
        if not index:
            return ""
        at = self._offsets[index] + 1
        return self.utf8((self._data[at] << 8) | self._data[at + 1])

    def name_and_type(self, index: int) -> tuple[str, str]:
        at = self._offsets[index] + 1
        return self.utf8(_U2(self._data, at)[0]), self.utf8(_U2(self._data, at + 2)[0])

    def constant(self, index: int) -> object:
        """The value of an Integer, Float, Long, Double, String or Utf8 entry."""
        at = self._offsets[index]
        match self._data[at]:
            case 1:
                return self.utf8(index)
            case 3:
                return _I4(self._data, at + 1)[0]
            case 4:
                return _F4(self._data, at + 1)[0]
            case 5:
                return _I8(self._data, at + 1)[0]
            case 6:
                return _F8(self._data, at + 1)[0]
            case 8:
                return self.reference(index)
            case tag:
                raise ClassFormatError(f"constant pool entry {index} with tag {tag} is not a constant")


def _decode(raw: bytes) -> str:
    """Modified UTF-8 (JVMS 4.4.7): NUL is C0 80, characters above the BMP are surrogate pairs of three bytes each."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.replace(b"\xc0\x80", b"\x00").decode("utf-8", "surrogatepass")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
