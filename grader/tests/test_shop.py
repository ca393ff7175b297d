"""The tables of the shop fit together, tell the truth, and always hold the names that break programs."""

import random

from grader.datasets.seasons import LOCAL
from grader.datasets.shop import NASTY, TABLES, Shop, customers, orders, products, shop


def made(seed: int = 1) -> Shop:
    return shop(random.Random(seed))


def test_the_same_seed_makes_the_same_shop_and_another_seed_another() -> None:
    assert made(1) == made(1)
    assert made(1) != made(2)
    assert all(made(1).rows(table) for table in TABLES)


def test_every_child_has_its_parent_and_every_key_is_there_once() -> None:
    tables = made()
    people = {customer.customer_id for customer in tables.customers}
    goods = {product.sku for product in tables.products}
    placed = {order.order_id for order in tables.orders}
    assert {order.customer_id for order in tables.orders} - people == {None}
    assert {line.sku for line in tables.order_items} < goods
    assert {line.order_id for line in tables.order_items} < placed
    assert {payment.order_id for payment in tables.payments} < placed
    assert len({customer.email.lower() for customer in tables.customers}) == len(people) == len(tables.customers)
    assert len({line[:2] for line in tables.order_items}) == len(tables.order_items)
    assert len({payment.payment_id for payment in tables.payments}) == len(tables.payments)


def test_nasty_names_are_in_every_set_of_customers_and_of_products() -> None:
    for rows in (customers(random.Random(1), 55), products(random.Random(1), 55)):
        assert {row.name for row in rows} > set(NASTY)
    assert [customer.name in NASTY for customer in customers(random.Random(1), 3)] == [False, True, False]


def test_totals_are_those_of_the_lines_and_of_the_payments() -> None:
    tables = made()
    assert sum(tables.items().values()) == sum(line.quantity * line.unit_price for line in tables.order_items)
    assert sum(tables.paid().values()) == sum(payment.amount for payment in tables.payments)
    status = {order.order_id: order.status for order in tables.orders}
    assert all(status[order] == "cancelled" or total > 0 for order, total in tables.paid().items())
    assert min(payment.amount for payment in tables.payments) < 0
    assert min(line.unit_price for line in tables.order_items) >= 1000


def test_saleslie_in_the_days_of_the_shops_and_come_by_time() -> None:
    drawn = list(orders(random.Random(1), 2_000, []))
    assert {order.customer_id for order in drawn} == {None}
    assert {order.ordered_at.astimezone(LOCAL).year for order in drawn} == {2026}
    assert drawn == sorted(drawn, key=lambda order: order.ordered_at)


def test_small_shops_are_made_too() -> None:
    for size in range(12):
        tables = shop(random.Random(size), buyers=size % 3, goods=size % 5, sales=size)
        assert len(tables.orders) == size
