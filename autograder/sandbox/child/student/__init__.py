"""What runs inside a student's child: cells, outputs, checkpoints. Light imports only: docs/design/architecture.md."""
