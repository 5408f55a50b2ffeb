"""Reading what students wrote, in processes of their own and under budgets."""
