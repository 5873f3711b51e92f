"""What the rules say of every record at this moment: findings with a life, duties with a deadline, figures that add up."""
