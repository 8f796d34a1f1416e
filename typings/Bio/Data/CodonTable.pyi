class CodonTable:
    forward_table: dict[str, str]
    start_codons: list[str]
    stop_codons: list[str]

unambiguous_dna_by_id: dict[int, CodonTable]
