"""Writes the constants of glibc's logarithm as text: `.venv/bin/python lib/forest/oracle/record_log.py`.

scikit-learn calls glibc's log (2.28 or later). Its error is about half a unit in the last place, so its bits follow from its own
constants: ln(2) in two parts, two polynomials (5 and 11 coefficients), and 128 pairs of 1/c and log(c). They
are read from the math library of the machine, where they follow each other behind ln(2), and are printed in
base64 for src/tree/logConstants.ts.
"""
import base64
import ctypes.util
import glob
import struct

COUNT = 2 + 5 + 11 + 2 * 128
FIRST = struct.pack("<2d", 0.6931471805598903, 5.497923018708371e-14)

path = (glob.glob("/lib*/x86_64-linux-gnu/libm.so.6") + [ctypes.util.find_library("m")])[0]
with open(path, "rb") as file:
    library = file.read()
# log2 begins with the same two numbers; the natural logarithm's polynomial begins with -0.5000000000000001.
at = next(
    i for i in range(0, len(library), 8)
    if library.startswith(FIRST, i) and struct.unpack_from("<d", library, i + 16)[0] == -0.5000000000000001
)
print(base64.b64encode(library[at:at + 8 * COUNT]).decode())
