package shop;

import refactor.runtime.Endpoints;
import refactor.runtime.Skeleton;

class OrderSkeleton implements Skeleton {
    @Override
    public void register(Endpoints e) {
        e.constructor("shop.Order", "new", args -> new Order());
        e.method("shop.Order", "add", (self, args) -> ((Order) self).add((Integer) args[0]));
        e.method("shop.Order", "tell", (self, args) -> ((Order) self).tell((Listener) args[0], (Integer) args[1]));
        e.method("shop.Order", "fail", (self, args) -> {
            ((Order) self).fail();
            return null;
        });
    }
}
