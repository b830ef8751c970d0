-- migrate: batch posts by id size 20
UPDATE posts SET slug = lower(replace(title, ' ', '-')) WHERE id BETWEEN :first AND :last AND slug IS NULL;
