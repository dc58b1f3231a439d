"""The pages of proposals, one file per noun."""
