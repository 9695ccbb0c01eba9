;; y[o] += x[0] W[0, o] + ... + x[I - 1] W[I - 1, o] for o = 0 ... O - 1, four o at a time: the inner loop of product.js.
;; x, W and y are byte addresses of float32 numbers; I and O are multiples of 4. After a change its bytes go into
;; product.js: npx wat2wasm helpers/live/runtime/product.wat --output=_build/product.wasm; base64 --wrap=0 _build/product.wasm
(module
  (import "js" "memory" (memory 1))
  (func (export "addProduct") (param $x i32) (param $I i32) (param $W i32) (param $O i32) (param $y i32)
    (local $row i32) (local $end i32) (local $w i32) (local $o i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $row (i32.shl (local.get $O) (i32.const 2)))
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $I) (i32.const 2))))
    (loop $inputs
      (local.set $a (v128.load32_splat (local.get $x)))
      (local.set $b (v128.load32_splat offset=4 (local.get $x)))
      (local.set $c (v128.load32_splat offset=8 (local.get $x)))
      (local.set $d (v128.load32_splat offset=12 (local.get $x)))
      (local.set $o (i32.const 0))
      (loop $outputs
        (local.set $w (i32.add (local.get $W) (local.get $o)))
        (v128.store (i32.add (local.get $y) (local.get $o))
          (f32x4.add (v128.load (i32.add (local.get $y) (local.get $o)))
            (f32x4.add
              (f32x4.add
                (f32x4.mul (local.get $a) (v128.load (local.get $w)))
                (f32x4.mul (local.get $b) (v128.load (local.tee $w (i32.add (local.get $w) (local.get $row))))))
              (f32x4.add
                (f32x4.mul (local.get $c) (v128.load (local.tee $w (i32.add (local.get $w) (local.get $row)))))
                (f32x4.mul (local.get $d) (v128.load (i32.add (local.get $w) (local.get $row))))))))
        (br_if $outputs (i32.lt_u (local.tee $o (i32.add (local.get $o) (i32.const 16))) (local.get $row))))
      (local.set $W (i32.add (local.get $W) (i32.shl (local.get $row) (i32.const 2))))
      (br_if $inputs (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end))))))
