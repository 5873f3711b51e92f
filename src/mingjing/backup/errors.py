"""Errors of backups."""

from mingjing.kernel.errors import define

SET_UNREADABLE = define(
    "BKP-001",
    422,
    title=("不是完整的备份", "Not a whole backup"),
    detail=("{path}：{problem}。", "{path}: {problem}."),
    remedy=(
        "请另选一份备份；mingjing backup list 列出全部并逐份校验。未作任何改动。",
        "Choose another one; `mingjing backup list` names them all and checks each. Nothing was changed.",
    ),
)
SET_ELSEWHERE = define(
    "BKP-002",
    409,
    title=("备份属于另一套系统", "The backup belongs to another installation"),
    detail=(
        "数据目录属于 {expected}，而备份属于 {found}。",
        "The data directory belongs to {expected}, the backup to {found}.",
    ),
    remedy=(
        "请用 --data 指定一个空目录，或选用本系统的备份。未作任何改动。",
        "Name an empty directory with --data, or choose a backup of this installation. Nothing was changed.",
    ),
)
DATABASE_FILLED = define(
    "BKP-003",
    409,
    title=("目标数据库不是空的", "The database to restore into is not empty"),
    detail=("{url} 中已有数据表。", "There are tables in {url} already."),
    remedy=(
        "请新建一个空的 PostgreSQL 数据库，在 database.url 中指定它，再运行恢复；原数据库保持不动。",
        "Make an empty PostgreSQL database, name it in database.url and restore again; the old one stays as it is.",
    ),
)
SCHEMA_STRANGE = define(
    "BKP-004",
    409,
    title=("备份来自更新的版本", "The backup comes from a newer version"),
    detail=(
        "备份的数据库结构版本 {found} 是本程序不认识的。",
        "The backup has the schema {found}, which this program does not know.",
    ),
    remedy=("请用做备份的版本或更新的版本恢复。", "Restore with the version that made it, or a newer one."),
)
NO_BACKUP = define(
    "BKP-005",
    404,
    title=("没有备份", "There is no backup"),
    detail=("{path} 中没有备份。", "There is no backup in {path}."),
    remedy=("请运行 mingjing backup now，或检查 backup.directory。",
            "Run `mingjing backup now`, or check backup.directory."),
)  # fmt: skip
