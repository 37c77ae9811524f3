"""How Σⱼ e^{⟨aᵢ,bⱼ⟩} yⱼ is computed, never storing the n × n matrix."""
