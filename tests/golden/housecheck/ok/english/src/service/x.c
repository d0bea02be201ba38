/* SELECT id FROM comments is fine; so are float and time() here. */
const char *const words[] = {"select a size", "delete from your cart what you do not want", "insert into the slot", "call us", "grant a wish", "values", "Update the cart", "begin", "with love", "create a table of words", "Commit early", "/homely/path"};
#define TWICE(x) do { \
        int y_ = (x); \
        (void)y_; \
    } while (0)
