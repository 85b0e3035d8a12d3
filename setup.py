"""The one part that needs a compiler. Where there is none, the package is installed without it, and is slower."""

from Cython.Build import cythonize
from setuptools import Extension, setup

compiled = cythonize(
    [
        Extension(
            f"detector.compiled.{name}",
            [f"detector/compiled/{name}.pyx"],
            extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],
        )
        for name in ("scans", "sums")
    ],
    build_dir="build",
)
for extension in compiled:
    extension.optional = True  # Cython forgets what an extension said of it before

setup(ext_modules=compiled)
