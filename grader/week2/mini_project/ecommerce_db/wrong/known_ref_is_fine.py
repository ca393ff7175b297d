"""ON CONFLICT DO NOTHING, and never asks whether it was the same payment.

Caught by: test_a_wrong_payment_changes_nothing
"""


def note_payment(conn, order_id, provider_ref, amount, at):
    cursor = conn.execute(
        "INSERT INTO payments (provider_ref, order_id, amount, paid_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [provider_ref, order_id, amount, at],
    )
    return cursor.rowcount == 1
