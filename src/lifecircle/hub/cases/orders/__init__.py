"""Repair orders of cases (维修派单): who does what, of which parts and labour, for how much, until when under warranty."""
