"""`mingjing clock`: which time deletion rests on, and a person's word that the clock is right."""

from typing import Annotated

import typer

from mingjing.cli.moments import length, shown
from mingjing.cli.options import COMMAND_LINE, Config, Data, settings, store
from mingjing.recording.trusted_clock import ClockState, clock_state, confirm_clock

commands = typer.Typer(help="The clock that deletion rests on: look, confirm", no_args_is_help=True)


@commands.command("show")
def show(config: Config = None, data: Data = None) -> None:
    """Show the machine's clock, the trusted time, and whether deletion is paused. Exit code 1 where it is."""
    with store(settings(config, data)) as database, database.reading() as session:
        found = clock_state(session, database.clock.now_us())
    _tell(found)
    if found.paused_since_us is not None:
        raise typer.Exit(1)


@commands.command("confirm")
def confirm(
    reason: Annotated[str, typer.Option(help="Why it is right, for the journal", prompt="理由 Reason")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Say that the machine's clock is right, after a jump or a long time off: deletion goes on from it.

    A wrong word here can cost recordings: compare with another clock first.
    """
    with store(settings(config, data)) as database:
        if not yes:
            now = shown(database.clock.now_us())
            typer.confirm(
                f"本机时钟 this machine's clock: {now} 北京时间 Beijing time. 正确吗 Is that right?",
                abort=True,
            )
        with database.transaction() as tx:
            confirm_clock(tx, COMMAND_LINE, reason)
    typer.echo(
        "已确认；运行中的系统两秒内采用。若仍暂停，mingjing clock show 会说明原因。\n"
        "Confirmed; a running system takes it up within two seconds. `mingjing clock show` says why if it stays paused."
    )


def _tell(found: ClockState) -> None:
    typer.echo(f"本机时钟 clock      {shown(found.wall_us)} (北京时间 Beijing time)")
    if found.trusted_us is not None:
        apart = length(abs(found.wall_us - found.trusted_us))
        typer.echo(f"可信时间 trusted    {shown(found.trusted_us)} (相差 apart: {apart})")
    if found.paused_since_us is None:
        typer.echo("删除 deletion       正常 goes on")
        return
    grounds = ", ".join(found.doubts)
    typer.secho(
        f"删除 deletion       已暂停 paused since {shown(found.paused_since_us)}: {grounds}", fg="red"
    )
    typer.echo("    → 校准时钟后运行 set the clock right, then: mingjing clock confirm")
