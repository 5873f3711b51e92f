"""Every room's tables, imported so that the metadata is whole: for migrations and the test that compares them."""

import mingjing.audit.history
import mingjing.audit.model
import mingjing.governance.compliance.model
import mingjing.governance.decisions.model
import mingjing.governance.filing.model
import mingjing.governance.orders.model
import mingjing.governance.planning.model
import mingjing.governance.projects.model
import mingjing.governance.reminding.model
import mingjing.governance.rounds.model
import mingjing.governance.staff.model
import mingjing.governance.submission.model
import mingjing.identity.model
import mingjing.kernel.installation
import mingjing.operations.filters.model
import mingjing.operations.model
import mingjing.operations.walls.model
import mingjing.recording.model
import mingjing.registry.dossiers.model
import mingjing.registry.forbidden.model
import mingjing.registry.map.model
import mingjing.registry.model
import mingjing.registry.places.model
import mingjing.registry.systems.model
import mingjing.territory.model  # noqa: F401 - imported for their tables
from mingjing.kernel.db import Base

METADATA = Base.metadata
