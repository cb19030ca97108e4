#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A line of the table.
struct Row {
    let subject: String
    let figure: String
    let reference: String

    func show() {
        print(subject, figure, reference, separator: "\t")
        // The next row takes minutes.
        fflush(nil)
    }
}

extension [Double] {
    var median: Double { sorted()[count / 2] }
}

extension Double {
    func rounded(to digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let number = (self * scale).rounded() / scale
        return digits == 0 ? "\(Int(number))" : "\(number)"
    }
}
