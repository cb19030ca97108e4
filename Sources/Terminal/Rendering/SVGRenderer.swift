/// A frame as a picture (SVG), for documents. The same frame gives the same bytes.
public struct SVGRenderer: Sendable {
    private let frame: Frame
    private let title: String
    private let theme: Theme

    /// - Parameter title: shown in a bar above the frame; empty: no bar.
    public init(_ frame: Frame, title: String = "", theme: Theme = .dark) {
        self.frame = frame
        self.title = title
        self.theme = theme
    }

    /// The picture's source. It names DejaVu Sans Mono, and gives each run its length, so that columns are
    /// aligned with any other font too.
    public var svg: String {
        let width = Metrics.margin * 2 + frame.size.columns * Metrics.column
        let height = top + frame.size.rows * Metrics.row + Metrics.margin
        let size = [("width", pixels(width)), ("height", pixels(height))]
        let view = ("viewBox", "0 0 \(pixels(width)) \(pixels(height))")
        let runs = (0..<frame.size.rows).flatMap { row in
            frame.runs(row: row).flatMap { drawing(of: $0, row: row) }
        }
        let font = [("font-family", "DejaVu Sans Mono, monospace"), ("font-size", "14")]
        let look = [("fill", text), ("xml:space", "preserve")]
        let content =
            [element("rect", size + [("rx", "6"), ("fill", background)])]
            + (title.isEmpty ? [] : bar(width: width))
            + [element("g", font + look, "\n" + (runs + cursor).joined(separator: "\n") + "\n")]
        return element(
            "svg", [("xmlns", "http://www.w3.org/2000/svg")] + size + [view],
            "\n" + content.joined(separator: "\n") + "\n") + "\n"
    }

    private var background: String { theme.background.hexadecimal }
    private var text: String { theme.text.hexadecimal }
    private var barFill: String { theme == .light ? "#e6e9ed" : "#232a35" }
    private func color(_ ink: TextAttributes.Color) -> String { theme.color(ink).hexadecimal }

    private var top: Int { title.isEmpty ? Metrics.margin : Metrics.bar + Metrics.margin }

    private func bar(width: Int) -> [String] {
        let bottom = pixels(Metrics.bar)
        let shape = "M0 \(bottom)V6a6 6 0 0 1 6-6h\(pixels(width - 1200))a6 6 0 0 1 6 6V\(bottom)z"
        let lamps = [TextAttributes.Color.failure, .warning, .success].map(color).enumerated().map {
            index, colour in
            element(
                "circle",
                [("cx", "\(16 + 18 * index)"), ("cy", pixels(Metrics.bar / 2)), ("r", "5"), ("fill", colour)])
        }
        let place = [
            ("x", pixels(width / 2)), ("y", pixels(Metrics.bar / 2 + 450)), ("text-anchor", "middle"),
        ]
        let look = [
            ("font-family", "DejaVu Sans, sans-serif"), ("font-size", "12"), ("fill", color(.muted)),
        ]
        return [element("path", [("d", shape), ("fill", barFill)])] + lamps
            + [element("text", place + look, escaped(title))]
    }

    private func drawing(of run: Frame.Stretch, row: Int) -> [String] {
        let look = run.style.look
        let ink = look.ink.map(color) ?? text
        let x = pixels(Metrics.margin + run.column * Metrics.column)
        let y = top + row * Metrics.row
        let length = pixels(run.columns * Metrics.column)
        var lines: [String] = []
        if look.reverse {
            let place = [("x", x), ("y", pixels(y)), ("width", length), ("height", pixels(Metrics.row))]
            lines.append(element("rect", place + [("fill", ink)]))
        }
        if look.underline {
            let line = "M\(x) \(pixels(y + Metrics.underline))h\(length)"
            lines.append(element("path", [("d", line), ("stroke", ink)]))
        }
        guard run.text.contains(where: { $0 != " " }) else { return lines }
        var attributes = [("x", x), ("y", pixels(y + Metrics.baseline)), ("textLength", length)]
        if look.reverse { attributes.append(("fill", background)) }
        if look.ink != nil, !look.reverse { attributes.append(("fill", ink)) }
        if look.bold { attributes.append(("font-weight", "bold")) }
        return lines + [element("text", attributes, escaped(run.text))]
    }

    private var cursor: [String] {
        guard let point = frame.cursor else { return [] }
        let place = [
            ("x", pixels(Metrics.margin + point.column * Metrics.column)),
            ("y", pixels(top + point.row * Metrics.row)),
            ("width", pixels(Metrics.column)), ("height", pixels(Metrics.row)),
        ]
        return [element("rect", place + [("fill", text), ("fill-opacity", "0.5")])]
    }

    private func element(_ name: String, _ attributes: [(String, String)], _ content: String? = nil) -> String
    {
        let start = "<\(name)" + attributes.map { " \($0)=\"\($1)\"" }.joined()
        return content.map { "\(start)>\($0)</\(name)>" } ?? "\(start)/>"
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

    /// Hundredths of a pixel, written as pixels.
    private func pixels(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        if fraction == 0 { return "\(hundredths / 100)" }
        if fraction % 10 == 0 { return "\(hundredths / 100).\(fraction / 10)" }
        return "\(hundredths / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
    }

    /// Lengths in hundredths of a pixel. A column is the advance width of the font at 14 pixels, as not every
    /// renderer supports `textLength`; with this height vertical lines of neighbouring rows connect.
    private enum Metrics {
        static let column = 843
        static let row = 1630
        static let baseline = 1300
        static let underline = 1480
        static let margin = 1000
        static let bar = 3000
    }
}
