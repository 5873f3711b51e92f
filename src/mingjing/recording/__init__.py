"""Recording: plans, the segment index, gaps with reasons, retention, exports."""
