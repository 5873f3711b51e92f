"""`mingjing doctor --mlps3`: GB/T 22239-2019 level 3 as an assessor asks the software, judged on this installation.

`facts` says what is looked at, `gathering` looks, `clauses` judge without looking at anything else, `printing` shows.
"""
