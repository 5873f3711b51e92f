"""`mingjing user`: accounts, from the machine's own shell."""

from typing import Annotated

import typer

from mingjing.cli.options import COMMAND_LINE, Config, Data, first_unit, settings, store
from mingjing.identity import queries
from mingjing.identity.passwords import Passwords
from mingjing.identity.roles import ROLES
from mingjing.identity.service.accounts import Changes, RoleWish, add_user, change_user, reset_password
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError

commands = typer.Typer(help="Accounts", no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="Account name")]


@commands.command("add")
def add(
    account: Account,
    name: Annotated[str, typer.Option(help="The person's name")] = "",
    role: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(ROLES)}; may be repeated")
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Open an account and print its one-time password."""
    found = settings(config, data)
    first = Passwords(found.identity.argon2_memory_kib, found.identity.argon2_passes).one_time()
    with store(found) as database, database.transaction() as tx:
        add_user(
            tx,
            COMMAND_LINE,
            first,
            account=account,
            name=name or account,
            organisation=first_unit(tx),
            roles=[RoleWish(one) for one in role or []],
        )
    typer.echo(first.text)


@commands.command("list")
def show(config: Config = None, data: Data = None) -> None:
    """List accounts with their roles."""
    with store(settings(config, data)) as database, database.reading() as session:
        rows = queries.users(session, None, 500, None).items
        held = queries.assignments(session, [row.id for row in rows])
        for row in rows:
            roles = ",".join(one.role for one in held[row.id])
            state = "enabled" if row.enabled else "disabled"
            typer.echo(f"{row.account}\t{row.name}\t{state}\t{roles}")


@commands.command("reset")
def reset(account: Account, config: Config = None, data: Data = None) -> None:
    """Give a one-time password, end sessions and tokens, drop the second factor."""
    found = settings(config, data)
    first = Passwords(found.identity.argon2_memory_kib, found.identity.argon2_passes).one_time()
    with store(found) as database, database.transaction() as tx:
        reset_password(tx, COMMAND_LINE, first, _id(tx, account), drop_factor=True)
    typer.echo(first.text)


@commands.command("disable")
def disable(account: Account, config: Config = None, data: Data = None) -> None:
    """Disable an account and end its sessions."""
    with store(settings(config, data)) as database, database.transaction() as tx:
        change_user(tx, COMMAND_LINE, _id(tx, account), Changes(enabled=False))
    typer.echo(f"{account}: disabled")


def _id(tx: Transaction, account: str) -> str:
    row = queries.user_by_account(tx.session, account)
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row.id
