"""Mapper files where their mapper is, rows where entities are, scans for mappers where there are any."""

from __future__ import annotations

from collections.abc import Callable

from refactor.codegen.spring.datafiles import for_part
from refactor.ir.program import Program
from refactor.support.source import apply_edits
from tests.codegen.spring.test_beans import SHOP, declared, split
from tests.frameworks.conftest import library, spring

__all__ = ["library", "spring"]
Spring = Callable[..., Program]

MAPPER = b'<?xml version="1.0"?>\n<mapper namespace="shop.bills.Books">\n' \
    b'  <select id="find" resultType="shop.bills.Book">q</select>\n</mapper>\n'  # fmt: skip


def test_a_mapper_is_empty_where_its_interface_is_another_part_s(spring: Spring) -> None:
    _, indexed = split(spring(SHOP))
    assert for_part(indexed, indexed.parts["bills"], "mapper/Books.xml", MAPPER) == MAPPER
    empty = for_part(indexed, indexed.parts["orders"], "mapper/Books.xml", MAPPER)
    assert empty == b'<?xml version="1.0"?>\n<mapper namespace="shop.bills.Books"/>\n'
    other = b"<beans>shop.bills.Book</beans>"
    assert for_part(indexed, indexed.parts["orders"], "beans.xml", other) == other


def test_a_scan_for_mappers_stays_where_they_are(spring: Spring) -> None:
    shop = {**SHOP, "shop.Shop": SHOP["shop.Shop"].replace("@SpringBoot", '@MapperScan("shop.bills.maps") @SpringBoot')}
    shop["shop.bills.maps.Rates"] = "public interface Rates { int rate(); }"
    shop["shop.bills.Bill"] = "@Component public class Bill { int n; @Autowired shop.bills.maps.Rates rates; }"
    shop["shop.orders.Ask"] = "@Component public class Ask { int n; @Autowired shop.bills.Bill bill; public int f() { return n++; } }"
    program = spring(shop)
    plan, indexed = split(program)
    seen = {}
    for part in plan.parts:
        edits = [e.edit for e in plan.edits if e.part == part.name and e.edit.file == "shop/Shop.java"]
        seen[part.name] = "@MapperScan" in apply_edits(program.source("shop/Shop.java"), edits).decode()
    assert indexed.owner("shop.bills.maps.Rates") == "bills"
    assert seen == {"bills": True, "orders": False, "driver": False}
    assert 'bean("bills", "bill", "shop.bills.Bill").add();' in declared(indexed, "orders")
