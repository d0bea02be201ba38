static _Thread_local int calls;
