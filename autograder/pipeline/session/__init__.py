"""What a command opens once: course, release, checks, data, calibration and the warm pool."""
