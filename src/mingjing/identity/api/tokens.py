"""API tokens for other programs."""

from typing import Annotated

from fastapi import APIRouter, status

from mingjing.identity import queries
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import AtDesk
from mingjing.identity.api.schema import Token, TokenMade, Tokens, TokenWish
from mingjing.identity.caller import Caller
from mingjing.identity.errors import TOKEN_TOO_LONG, TOKEN_TOO_WIDE
from mingjing.identity.model import ApiToken
from mingjing.identity.service.tokens import make_token, revoke_token
from mingjing.kernel.wire import TokenId, fails

router = APIRouter(tags=["tokens"])

Person = Annotated[Caller, requires(Action.OWN, persons_only=True)]
Proven = Annotated[Caller, requires(Action.OWN, persons_only=True, step_up=True)]


@router.get("/tokens", summary="One's tokens; everybody's with the right to manage accounts")
def list_tokens(store: Store, caller: Person) -> Tokens:
    with store.reading() as session:
        rows = queries.tokens(session, None if caller.may(Action.TOKEN_WRITE) else caller.user)
        names = queries.names(session, (row.owner for row in rows))
        return Tokens(items=[_shown(row, names[row.owner][1]) for row in rows])


@router.post(
    "/tokens",
    openapi_extra=fails(TOKEN_TOO_WIDE, TOKEN_TOO_LONG),
    status_code=201,
    summary="Make a token; the answer holds its text, once",
)
def add_token(desk: AtDesk, store: Store, caller: Proven, wish: TokenWish) -> TokenMade:
    with store.transaction() as tx:
        row, text = make_token(
            tx,
            caller,
            name=wish.name,
            actions=wish.actions,
            expires_us=wish.expires_us,
            days_most=desk.settings.token_days_most,
        )
        return TokenMade(token=_shown(row, caller.name), text=text)


@router.delete("/tokens/{token}", status_code=status.HTTP_204_NO_CONTENT, summary="Revoke a token")
def end_token(store: Store, caller: Person, token: TokenId) -> None:
    with store.transaction() as tx:
        revoke_token(tx, caller, token)


def _shown(row: ApiToken, owner_name: str) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        owner=row.owner,
        owner_name=owner_name,
        actions=row.actions.split(),
        created_us=row.created_us,
        expires_us=row.expires_us,
        last_used_us=row.last_used_us,
        revoked_us=row.revoked_us,
    )
