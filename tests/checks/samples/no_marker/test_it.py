def test_free(student):
    """Has no marker."""
