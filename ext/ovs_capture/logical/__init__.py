"""The language of OVN logical flows: match expressions, actions, and the symbols they use."""
