/// A frame as a picture (SVG), for documents. The same frame gives the same bytes.
public struct Picture: Sendable {
    private let frame: Frame
    private let title: String

    /// - Parameter title: shown in a bar above the frame; empty: no bar.
    public init(_ frame: Frame, title: String = "") {
        self.frame = frame
        self.title = title
    }

    /// The picture's source. It names DejaVu Sans Mono, and gives each run its length, so that columns hold with
    /// any other font too.
    public var svg: String {
        let width = Metrics.margin * 2 + frame.size.columns * Metrics.column
        let height = top + frame.size.rows * Metrics.row + Metrics.margin
        let size = "\(pixels(width))\" height=\"\(pixels(height))"
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size)\" viewBox=\"0 0 \(pixels(width)) \(pixels(height))\">",
            "<rect width=\"\(size)\" rx=\"6\" fill=\"\(Colour.background)\"/>",
        ]
        if !title.isEmpty { lines += bar(width: width) }
        lines.append(
            "<g font-family=\"DejaVu Sans Mono, monospace\" font-size=\"14\" fill=\"\(Colour.text)\" xml:space=\"preserve\">"
        )
        for row in 0..<frame.size.rows {
            for run in frame.runs(row: row) { lines += drawing(of: run, row: row) }
        }
        lines += cursor
        return (lines + ["</g>", "</svg>", ""]).joined(separator: "\n")
    }

    private var top: Int { title.isEmpty ? Metrics.margin : Metrics.bar + Metrics.margin }

    private func bar(width: Int) -> [String] {
        let middle = pixels(Metrics.bar / 2)
        let lamps = [Colour.failure, Colour.warning, Colour.success].enumerated().map { index, colour in
            "<circle cx=\"\(16 + 18 * index)\" cy=\"\(middle)\" r=\"5\" fill=\"\(colour)\"/>"
        }
        return [
            "<path d=\"M0 \(pixels(Metrics.bar))V6a6 6 0 0 1 6-6h\(pixels(width - 120))a6 6 0 0 1 6 6V\(pixels(Metrics.bar))z\" fill=\"\(Colour.bar)\"/>"
        ] + lamps + [
            "<text x=\"\(pixels(width / 2))\" y=\"\(pixels(Metrics.bar / 2 + 45))\" text-anchor=\"middle\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"12\" fill=\"\(Colour.muted)\">\(escaped(title))</text>"
        ]
    }

    private func drawing(of run: Frame.Run, row: Int) -> [String] {
        let look = run.style.look
        let ink = look.ink.map(Colour.of) ?? Colour.text
        let x = Metrics.margin + run.column * Metrics.column
        let y = top + row * Metrics.row
        let length = pixels(run.columns * Metrics.column)
        var lines: [String] = []
        if look.reverse {
            lines.append(
                "<rect x=\"\(pixels(x))\" y=\"\(pixels(y))\" width=\"\(length)\" height=\"\(pixels(Metrics.row))\" fill=\"\(ink)\"/>"
            )
        }
        if look.underline {
            lines.append(
                "<path d=\"M\(pixels(x)) \(pixels(y + Metrics.row - 15))h\(length)\" stroke=\"\(ink)\"/>")
        }
        guard run.text.contains(where: { $0 != " " }) else { return lines }
        let fill = look.reverse ? " fill=\"\(Colour.background)\"" : look.ink == nil ? "" : " fill=\"\(ink)\""
        let weight = look.bold ? " font-weight=\"bold\"" : ""
        return lines + [
            "<text x=\"\(pixels(x))\" y=\"\(pixels(y + Metrics.baseline))\" textLength=\"\(length)\"\(fill)\(weight)>\(escaped(run.text))</text>"
        ]
    }

    private var cursor: [String] {
        guard let point = frame.cursor else { return [] }
        let x = pixels(Metrics.margin + point.column * Metrics.column)
        let y = pixels(top + point.row * Metrics.row)
        return [
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(pixels(Metrics.column))\" height=\"\(pixels(Metrics.row))\" fill=\"\(Colour.text)\" fill-opacity=\"0.5\"/>"
        ]
    }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }

    /// Tenths of a pixel, written as pixels.
    private func pixels(_ tenths: Int) -> String {
        tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// Lengths in tenths of a pixel. In this font at 14 pixels, vertical lines of neighbouring rows meet at 16.3.
    private enum Metrics {
        static let column = 84
        static let row = 163
        static let baseline = 130
        static let margin = 100
        static let bar = 300
    }

    private enum Colour {
        static let background = "#14181f"
        static let bar = "#232a35"
        static let text = "#d8dee6"
        static let muted = "#8b96a5"
        static let accent = "#5cb3ff"
        static let success = "#62c46f"
        static let warning = "#e0a458"
        static let failure = "#f0716a"

        static func of(_ ink: Look.Ink) -> String {
            switch ink {
            case .accent: accent
            case .success: success
            case .warning: warning
            case .failure: failure
            case .muted: muted
            }
        }
    }
}
