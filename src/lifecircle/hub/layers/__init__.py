"""Own layers: tables and maps that staff bring along, filtered, styled, joined and summed up by place."""
