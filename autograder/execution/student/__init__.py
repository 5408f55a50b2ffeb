"""What runs inside a student's child: cells, outputs, checkpoints. Light imports only; see docs/architecture.md."""
