"""A toy monolith and the command as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

REFACTOR = Path(sys.executable).parent / "refactor"
Run = Callable[..., subprocess.CompletedProcess[str]]

TILL = """package shop.till;

import shop.stock.Stock;

public class Till {
    private final Stock stock;
    private int sold;

    public Till(Stock stock) {
        this.stock = stock;
    }

    public int sell(int n) {
        stock.left -= n;
        sold += n;
        return sold;
    }
}
"""
STOCK = """package shop.stock;

public class Stock {
    public int left = 10;

    public boolean low() {
        return left < 3;
    }
}
"""
MAIN = """package shop.app;

import shop.stock.Stock;
import shop.till.Till;

public class Main {
    public static void main(String[] args) {
        Stock stock = new Stock();
        Till till = new Till(stock);
        System.out.println(till.sell(8) + " " + stock.low() + " " + stock.left);
    }
}
"""
PARTS = """[parts.till]
classes = ["shop.till.*", "shop.app.*"]

[parts.stock]
classes = ["shop.stock.*"]

[[run]]
main = "shop.app.Main"
"""


@pytest.fixture
def monolith(tmp_path: Path) -> Path:
    """Three classes in a plain source tree, with a parts.toml beside it."""
    root = tmp_path / "monolith"
    for name, text in (("till/Till", TILL), ("stock/Stock", STOCK), ("app/Main", MAIN)):
        path = root / "src" / "shop" / f"{name}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "parts.toml").write_text(PARTS)
    return root


@pytest.fixture
def refactor() -> Run:
    """Runs `refactor ARGS`; `env` replaces single variables."""

    def run(*args: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        argv = [str(REFACTOR), *map(str, args)]
        return subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, **(env or {})})

    return run
