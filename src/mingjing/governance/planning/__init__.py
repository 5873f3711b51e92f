"""Construction plans (建设规划): what a government means to build where, what is there already, how far it has come
(HB361, article 6)."""
