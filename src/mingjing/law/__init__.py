"""The law as data and pure functions: rule sets with their dates, how days are counted, what each rule asks of a fact."""
