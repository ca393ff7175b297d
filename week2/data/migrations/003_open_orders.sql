create view open_orders as
select order_id, amount_text as amount
from orders
where status in ('placed', 'paid');

grant select on open_orders to public;
