## 3.1: roles that see beyond one's own classes

roles-granted = { $role ->
    [support] One more person now has the rights of support: { $who }.
   *[deputy_head] One more person now has the rights of a deputy head: { $who }.
} If this is a mistake, please tell whoever loads the school’s lists.
