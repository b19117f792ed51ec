"""What pyproject.toml cannot say: the version, and that a wheel carries the program of one platform."""
import os

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class ForOnePlatform(Distribution):
    """What has a program in it is no package for every platform."""

    def has_ext_modules(self):
        return True


class Wheel(bdist_wheel):
    """A wheel for any Python 3 of the platform that build.sh names."""

    def get_tag(self):
        return "py3", "none", os.environ["PAYPORTER_MOCK_WHEEL_PLATFORM"]


setup(
    version=os.environ["PAYPORTER_MOCK_WHEEL_VERSION"],
    distclass=ForOnePlatform,
    cmdclass={"bdist_wheel": Wheel},
)
