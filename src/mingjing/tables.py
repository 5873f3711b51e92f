"""Every room's tables, imported so that the metadata is whole: for migrations and the test that compares them."""

import mingjing.audit.model
import mingjing.identity.model
import mingjing.kernel.installation
import mingjing.operations.model
import mingjing.operations.walls.model
import mingjing.recording.model
import mingjing.registry.model
import mingjing.territory.model  # noqa: F401 - imported for their tables
from mingjing.kernel.db import Base

METADATA = Base.metadata
