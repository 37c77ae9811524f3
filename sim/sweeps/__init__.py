"""Many runs of one scenario over ranges of its settings, on all processors."""
