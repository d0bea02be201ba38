/* SELECT id FROM comments is fine; so are float and time() here. */
const char *const words[] = {"select a size", "Update the cart", "begin", "with love", "create a table of words", "Commit early", "/homely/path"};
#define TWICE(x) do { \
        int y_ = (x); \
        (void)y_; \
    } while (0)
