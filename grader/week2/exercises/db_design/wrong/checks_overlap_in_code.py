"""A trigger looks for overlaps, which cannot see what another session has not committed.

Caught by: test_two_sessions_at_once_get_no_contradiction_in
"""

PRICES = """
create table if not exists prices (
    sku    text not null references products,
    price  bigint not null check (price >= 0),
    valid  daterange not null check (not isempty(valid))
);
create index if not exists prices_sku on prices (sku);
create or replace function refuse_overlap() returns trigger language plpgsql set search_path = public as $$
begin
    if exists (select from prices where sku = new.sku and valid && new.valid and ctid <> new.ctid) then
        raise 'overlap' using errcode = 'exclusion_violation';
    end if;
    return new;
end $$;
create or replace trigger refuse_overlap after insert or update on prices
    for each row execute function refuse_overlap()
"""
