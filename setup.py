"""The one part that needs a compiler. Where there is none, the package is installed without it, and is slower."""

from Cython.Build import cythonize
from setuptools import Extension, setup

COMPILED = [
    Extension(
        f"detector.compiled.{name}",
        [f"detector/compiled/{name}.pyx"],
        extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],
        optional=True,
    )
    for name in ("scans", "sums")
]

setup(ext_modules=cythonize(COMPILED, build_dir="build"))
