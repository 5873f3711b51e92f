"""The life of a system under the law: filing, and what it owes at this moment (HB361, SC799)."""
