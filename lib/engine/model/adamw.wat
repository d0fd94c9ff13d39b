;; The inner loops of every training, four float32 at a time. Addresses are bytes; counts are multiples of four numbers.
;; `adamw.wasm` is this file compiled (npm run build:wasm); a test compares them.
(module
  (memory (import "arrays" "memory") 1)

  ;; Sum of squares in float64 of `count` numbers.
  (func (export "squares") (param $at i32) (param $count i32) (result f64)
    (local $end i32) (local $x v128) (local $low v128) (local $high v128) (local $sum v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $x (v128.load (local.get $at)))
        (local.set $low (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $high
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x))))
        (local.set $sum
          (f64x2.add (local.get $sum)
            (f64x2.add
              (f64x2.mul (local.get $low) (local.get $low))
              (f64x2.mul (local.get $high) (local.get $high)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; Numbers smaller than 10⁻³⁰ become 0: below 10⁻³⁸ a processor is a hundred times slower, and means that
  ;; decay would stay there.
  (func $flush (param $x v128) (result v128)
    (v128.and (local.get $x)
      (f32x4.ge (f32x4.abs (local.get $x)) (f32x4.splat (f32.const 1e-30)))))

  ;; One step of AdamW on `count` weights; see adamw.ts for the formula.
  (func (export "step")
    (param $weights i32) (param $gradients i32) (param $m i32) (param $v i32) (param $count i32)
    (param $scale f32) (param $keep f32) (param $rate f32) (param $square f32)
    (param $beta1 f32) (param $beta2 f32) (param $rest1 f32) (param $rest2 f32) (param $epsilon f32)
    (local $at i32) (local $end i32) (local $g v128) (local $mean v128) (local $variance v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $g
          (f32x4.mul
            (v128.load (i32.add (local.get $gradients) (local.get $at)))
            (f32x4.splat (local.get $scale))))
        (local.set $mean
          (call $flush
            (f32x4.add
              (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (i32.add (local.get $m) (local.get $at))))
              (f32x4.mul (f32x4.splat (local.get $rest1)) (local.get $g)))))
        (local.set $variance
          (call $flush
            (f32x4.add
              (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (i32.add (local.get $v) (local.get $at))))
              (f32x4.mul (f32x4.splat (local.get $rest2)) (f32x4.mul (local.get $g) (local.get $g))))))
        (v128.store (i32.add (local.get $m) (local.get $at)) (local.get $mean))
        (v128.store (i32.add (local.get $v) (local.get $at)) (local.get $variance))
        (v128.store (i32.add (local.get $weights) (local.get $at))
          (f32x4.sub
            (f32x4.mul
              (v128.load (i32.add (local.get $weights) (local.get $at)))
              (f32x4.splat (local.get $keep)))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $mean))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (local.get $variance) (f32x4.splat (local.get $square))))
                (f32x4.splat (local.get $epsilon))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))))
