"""Under what the sign-in tries of an address are counted."""

import pytest

from mingjing.identity.service.sign_in import neighbourhood


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:7:9::1", "2001:db8:7:9::/64"),
        ("2001:db8:7:9:ffff:ffff:ffff:ffff", "2001:db8:7:9::/64"),
        ("2001:db8:7:a::1", "2001:db8:7:a::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 200, "x" * 64),
    ],
)
def test_one_customer_is_counted_as_one(source: str, counted: str) -> None:
    assert neighbourhood(source) == counted
