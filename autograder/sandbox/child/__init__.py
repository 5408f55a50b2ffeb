"""What runs on the child's side: the warm process, its forks, the predictor and the student's notebook."""
