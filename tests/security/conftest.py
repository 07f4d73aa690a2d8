"""What the tests of the threats may ask for: the planted school besides the sample one."""

from tests.handlers.conftest import crowded, planted, restore, school, standing, wishes

__all__ = ["crowded", "planted", "restore", "school", "standing", "wishes"]
